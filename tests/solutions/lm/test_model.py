"""Is the Transformer the function that its docstring describes, causal, and the same with a cache?"""

import math

import numpy as np
import pytest

torch = pytest.importorskip("torch")
F = torch.nn.functional

from solutions import torch_information  # noqa: E402  (after the skip)
from solutions.lm import LMError  # noqa: E402
from solutions.lm.generation import generate  # noqa: E402
from solutions.lm.model import Sizes, Transformer, norm, rotate, rotations  # noqa: E402

SIZES = Sizes(vocabulary=7, context=12, layers=2, heads=2, width=16)


def random_model(sizes=SIZES, seed=0, dtype=torch.float64):
    """A model with no weight at its quiet beginning, so that every part has something to say."""
    model = Transformer(sizes).to(dtype)
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            scale = 1.0 if parameter.ndim == 1 else 1 / math.sqrt(parameter.shape[-1])
            parameter.copy_(scale * torch.randn(parameter.shape, generator=generator, dtype=dtype))
    return model


def random_inputs(B=3, T=12, seed=1):
    """Inputs as the model is trained on: the start symbol, then tokens."""
    tokens = torch.randint(SIZES.vocabulary, (B, T), generator=torch.Generator().manual_seed(seed))
    tokens[:, 0] = SIZES.vocabulary
    return tokens


def test_before_training_every_token_has_the_same_probability():
    torch.manual_seed(0)
    logits = Transformer(SIZES)(random_inputs()).detach()
    assert logits.shape == (3, 12, 7)
    loss = torch_information.nll_from_logits(logits, torch.zeros(3, 12, dtype=torch.int64)).mean()
    assert float(loss) == pytest.approx(math.log(7), abs=1e-6)


def test_the_gain_moves_first_then_what_ends_a_part_and_in_the_third_step_everything():
    torch.manual_seed(0)
    model, inputs = Transformer(SIZES), random_inputs()
    targets = inputs.roll(-1, dims=1).clamp(max=SIZES.vocabulary - 1)
    moved = []
    for _ in range(3):
        model.zero_grad()
        F.cross_entropy(model(inputs).flatten(0, 1), targets.flatten()).backward()
        moved.append({name for name, weight in model.named_parameters() if weight.grad.any()})
        with torch.no_grad():
            for weight in model.parameters():
                weight -= 0.1 * weight.grad
    ends = {f"blocks.{number}.{part}.weight" for number in range(2) for part in ("mix", "narrow")}
    assert moved == [
        {"gain"},
        {"gain", "embedding.weight"} | ends,
        {name for name, _ in model.named_parameters()},
    ]


def test_a_later_token_changes_no_earlier_logits_and_all_from_its_own_place_on():
    model, tokens = random_model(), random_inputs()
    with torch.no_grad():
        logits = model(tokens)
        for t in range(1, 12):
            other = tokens.clone()
            other[:, t] = (other[:, t] + 1) % 7
            changed = model(other)
            torch.testing.assert_close(changed[:, :t], logits[:, :t], rtol=0, atol=1e-12)
            assert ((changed[:, t:] - logits[:, t:]).abs().amax(dim=-1) > 1e-6).all()


def test_a_sequence_does_not_depend_on_the_others_in_its_batch():
    model, tokens = random_model(), random_inputs()
    with torch.no_grad():
        alone = torch.cat([model(row[None]) for row in tokens])
        torch.testing.assert_close(model(tokens), alone, rtol=0, atol=1e-12)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=["float32", "float64"])
@pytest.mark.parametrize("pieces", [[12], [1] * 12, [1, 3, 2, 5, 1], [11, 1], [4, 8]], ids=str)
def test_a_cache_read_in_pieces_gives_the_same_logits(pieces, dtype):
    model, tokens = random_model(dtype=dtype), random_inputs()
    tolerance = 1e-5 if dtype == torch.float32 else 1e-12
    with torch.no_grad():
        cache = model.cache()
        found = torch.cat([model(piece, cache) for piece in tokens.split(pieces, dim=1)], dim=1)
        torch.testing.assert_close(found, model(tokens), rtol=0, atol=tolerance)


def test_two_caches_know_nothing_of_each_other():
    model, tokens = random_model(), random_inputs()
    with torch.no_grad():
        caches = [model.cache() for _ in tokens]
        rows = [
            [model(row[t][None, None], cache) for t in range(12)]
            for row, cache in zip(tokens, caches, strict=True)
        ]
        torch.testing.assert_close(torch.cat([torch.cat(row, dim=1) for row in rows]), model(tokens))


@pytest.mark.parametrize("context", [1, 2, 5, 12])
def test_generation_is_the_same_with_a_cache_and_past_the_context(context):
    model = random_model(Sizes(vocabulary=7, context=context, layers=2, heads=2, width=16))
    prompt = random_inputs()[:, 1:4]
    cached = generate(model, 40, 0, prompt=prompt)
    assert cached.equal(generate(model, 40, 0, prompt=prompt, cached=False))


def slow_logits(model, tokens):
    """The forward pass of one sequence in NumPy, position by position, head by head, channel by channel."""
    w = {name: p.detach().numpy() for name, p in model.named_parameters()}
    sizes, table = model.sizes, w["embedding.weight"]
    T, C, H = len(tokens), sizes.width, sizes.heads
    D = C // H

    def rms(x):
        return x / math.sqrt(sum(v * v for v in x) / len(x) + np.finfo(np.float64).eps)

    def turned(x, position):
        pairs = [complex(x[d], x[d + D // 2]) for d in range(D // 2)]
        steps = [1000.0 ** -(d / max(1, D // 2 - 1)) for d in range(D // 2)]
        pairs = [z * np.exp(1j * position * step) for z, step in zip(pairs, steps, strict=True)]
        return np.array([z.real for z in pairs] + [z.imag for z in pairs])

    x = [rms(table[token]) for token in tokens]
    for layer in range(sizes.layers):
        weight = {key: w[f"blocks.{layer}.{key}.weight"] for key in ("qkv", "mix", "widen", "narrow")}
        normed = [rms(v) for v in x]
        read = [
            np.r_[normed[t][: C // 2], normed[t - 1][C // 2 :] if t else np.zeros(C - C // 2)]
            for t in range(T)
        ]
        q, k, v = np.split(np.array([weight["qkv"] @ r for r in read]), 3, axis=1)
        for t in range(T):
            out = []
            for h in range(H):
                part = slice(h * D, (h + 1) * D)
                query = turned(rms(q[t, part]), t)
                scores = [query @ turned(rms(k[s, part]), s) / math.sqrt(D) for s in range(t + 1)]
                probs = np.exp(scores - np.max(scores))
                out.append(sum(p * v[s, part] for s, p in enumerate(probs / probs.sum())))
            x[t] = x[t] + weight["mix"] @ np.concatenate(out)
        x = [u + weight["narrow"] @ np.maximum(weight["widen"] @ rms(u), 0) ** 2 for u in x]
    return np.array([table[: sizes.vocabulary] @ (w["gain"] * rms(u)) for u in x])


@pytest.mark.parametrize("heads", [1, 2, 8])
def test_the_forward_pass_agrees_with_a_slow_one_in_numpy(heads):
    model = random_model(Sizes(vocabulary=7, context=12, layers=2, heads=heads, width=16), seed=heads)
    tokens = random_inputs()
    with torch.no_grad():
        found = model(tokens).numpy()
    # The rotations are computed in float32, so their angles are off by up to 12 · 6e-8.
    for row, logits in zip(tokens.tolist(), found, strict=True):
        np.testing.assert_allclose(logits, slow_logits(model, row), rtol=0, atol=2e-5)


def test_norm_gives_a_mean_square_of_one_whatever_the_scale():
    x = torch.randn(4, 5, 16, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    expected = [[[c / math.sqrt(sum(d * d for d in v) / 16) for c in v] for v in row] for row in x.tolist()]
    torch.testing.assert_close(norm(x), torch.tensor(expected, dtype=torch.float64), rtol=1e-12, atol=0)
    torch.testing.assert_close(norm(1000 * x), norm(x), rtol=1e-12, atol=0)
    assert norm(torch.zeros(1, 4)).tolist() == [[0, 0, 0, 0]]


def test_a_rotation_is_a_product_of_complex_numbers_and_keeps_lengths():
    x = torch.randn(2, 3, 9, 8, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    turned = rotate(x, rotations(9, 8).double())
    frequencies = [1000.0 ** (-d / 3) for d in range(4)]
    angles = torch.tensor([[t * f for f in frequencies] for t in range(9)], dtype=torch.float64)
    oracle = torch.complex(x[..., :4], x[..., 4:]) * torch.polar(torch.ones_like(angles), angles)
    # The angles are float32: at 8 radians off by up to 5e-7.
    torch.testing.assert_close(turned, torch.cat([oracle.real, oracle.imag], dim=-1), rtol=0, atol=1e-5)
    torch.testing.assert_close(turned.norm(dim=-1), x.norm(dim=-1), rtol=1e-6, atol=0)


def test_the_product_of_a_turned_query_and_key_depends_on_their_distance_alone():
    generator = torch.Generator().manual_seed(0)
    q, k = torch.randn(2, 1, 1, 1, 8, generator=generator, dtype=torch.float64)
    rotation = rotations(20, 8).double()
    scores = rotate(q.expand(1, 1, 20, 8), rotation)[0, 0] @ rotate(k.expand(1, 1, 20, 8), rotation)[0, 0].T
    for distance in range(-19, 20):
        along = scores.diagonal(distance)
        torch.testing.assert_close(along, along[:1].expand_as(along), rtol=0, atol=2e-5)
    assert scores[:, 0].std() > 0.1


def test_the_start_symbol_stands_in_the_input_only():
    model = random_model()
    assert model.start == SIZES.vocabulary
    with torch.no_grad():
        before = model(torch.tensor([[model.start, 1]]))
        assert before.shape[-1] == SIZES.vocabulary
        model.embedding.weight[model.start] += 1
        assert not torch.allclose(model(torch.tensor([[model.start, 1]])), before)
        # It has no logit of its own: without it in the input, its vector plays no part.
        without = model(torch.tensor([[1, 2]]))
        model.embedding.weight[model.start] += 1
        assert model(torch.tensor([[1, 2]])).equal(without)


def test_one_table_serves_both_ends():
    model = random_model()
    C, V, L = SIZES.width, SIZES.vocabulary, SIZES.layers
    numbers = sum(parameter.numel() for parameter in model.parameters())
    assert numbers == (V + 1) * C + L * (3 + 1 + 4 + 4) * C * C + C
    assert not any(name.startswith("head") for name in model.state_dict())
    tokens = torch.tensor([[model.start, 1]])
    with torch.no_grad():
        before = model(tokens)
        model.embedding.weight[5] *= 2  # token 5 is not in the input: only its own logits change
        after = model(tokens)
    torch.testing.assert_close(after[..., 5], 2 * before[..., 5])
    torch.testing.assert_close(
        after[..., [0, 1, 2, 3, 4, 6]], before[..., [0, 1, 2, 3, 4, 6]], rtol=0, atol=0
    )


def test_the_loss_and_all_its_gradients_agree_with_the_reference_of_the_course():
    model, tokens = random_model(), random_inputs()
    targets = random_inputs(seed=2) % 7
    logits = model(tokens)
    ours = F.cross_entropy(logits.flatten(0, 1), targets.flatten())
    reference = torch_information.nll_from_logits(logits, targets).mean()
    torch.testing.assert_close(ours, reference, rtol=1e-12, atol=0)
    parameters = list(model.parameters())
    gradients = torch.autograd.grad(ours, parameters, retain_graph=True)
    for a, b in zip(gradients, torch.autograd.grad(reference, parameters), strict=True):
        torch.testing.assert_close(a, b, rtol=1e-10, atol=1e-14)


def test_the_gradient_is_the_slope_of_the_loss_in_every_parameter():
    model, tokens = random_model(), random_inputs()
    targets = random_inputs(seed=2) % 7

    def loss():
        return torch_information.nll_from_logits(model(tokens), targets).mean()

    generator, step = torch.Generator().manual_seed(3), 1e-5
    for parameter in model.parameters():
        (gradient,) = torch.autograd.grad(loss(), [parameter])
        along = torch.randn(parameter.shape, generator=generator, dtype=torch.float64)
        with torch.no_grad():
            parameter += step * along
            above = loss()
            parameter -= 2 * step * along
            below = loss()
            parameter += step * along
        slope = float((gradient * along).sum())
        assert abs(slope) > 1e-6
        assert float(above - below) / (2 * step) == pytest.approx(slope, rel=1e-5, abs=1e-8)


@pytest.mark.parametrize(
    ("sizes", "says"),
    [
        ({"vocabulary": 0}, "vocabulary is 0"),
        ({"vocabulary": 5, "context": 0}, "context is 0"),
        ({"vocabulary": 5, "layers": 1.0}, "layers is 1.0"),
        ({"vocabulary": 5, "heads": True}, "heads is True"),
        ({"vocabulary": 5, "heads": 3}, "multiple of 6"),
        ({"vocabulary": 5, "heads": 4, "width": 12}, "even number of channels"),
    ],
)
def test_sizes_that_fit_no_model_are_refused(sizes, says):
    with pytest.raises(LMError, match=says):
        Sizes(**sizes)


@pytest.mark.parametrize(
    ("tokens", "says"),
    [
        (torch.zeros(1, 13, dtype=torch.int64), "13 positions; the context is 12"),
        (torch.zeros(3, dtype=torch.int64), r"\(B, T\)"),
        (torch.zeros(1, 3), "float32"),
        (torch.zeros(1, 0, dtype=torch.int64), "at least one token"),
        (torch.zeros(0, 3, dtype=torch.int64), "at least one token"),
    ],
)
def test_tokens_that_the_model_cannot_read_are_refused(tokens, says):
    with pytest.raises(LMError, match=says):
        random_model()(tokens)


def test_a_full_cache_takes_no_more_and_stays_as_it_was():
    model, tokens = random_model(), random_inputs()
    cache = model.cache()
    with torch.no_grad():
        model(tokens[:, :10], cache)
        with pytest.raises(LMError, match="13 positions; the context is 12"):
            model(tokens[:, :3], cache)
        torch.testing.assert_close(model(tokens[:, 10:], cache), model(tokens)[:, 10:], rtol=0, atol=1e-12)
