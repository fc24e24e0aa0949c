"""What runs beside a student's code: it asks, encodes and watches. It holds no answer and judges nothing."""
