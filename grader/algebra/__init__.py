"""The course's algebra."""
