"""Labelled lines -> the weights of the small network over a page's lines (needs jax and optax).

Called by train_nets.py; deterministic for one version of jax on one machine.
"""

from __future__ import annotations

import collections
import time

import jax
import jax.numpy as jnp
import numpy as np
import optax

from hkresearch.clean.line_network import (
    N_BITS,
    N_EVIDENCE,
    REACHES,
    WHOLE,
    find_tokens,
    spread_vocabulary,
)
from train_dictionary import count_sites

WIDTH, VECTOR, N_OUT = 64, 16, 3
N_TOKENS = 8000
LINES = 2048  # of a batch
PAGES = 160  # most pages of a batch
RATE, DECAY = 3e-3, 1e-2
# The shares of a layer's outputs and of a line's words that are left out in training.
DROP, DROP_TOKENS = 0.1, 0.2


def pick_vocabulary(examples: list[dict]) -> np.ndarray:
    """Return the leading bits of the words and stems that stand on enough sites."""
    often = count_sites(examples, lambda example: np.unique(example["tokens"]).tolist(), 5)
    bits = dict.fromkeys(token >> (64 - N_BITS) for token in often)
    return np.sort(np.array(list(bits)[:N_TOKENS], np.uint32))


def start_weights(n_shape: int, n_known: int) -> dict:
    """Return random weights."""
    rng = np.random.default_rng(0)

    def draw(rows, columns, scale=1.0):
        return (rng.normal(size=(rows, columns)) * np.sqrt(2 / rows) * scale).astype(np.float32)

    weights = {
        "vectors": (rng.normal(size=(n_known + 2, VECTOR)) * 0.1).astype(np.float32),
        "w0": draw(n_shape + 5 * VECTOR + N_EVIDENCE, WIDTH), "b0": np.zeros(WIDTH, np.float32),
        "wo": draw(WIDTH, N_OUT, 0.1), "bo": np.zeros(N_OUT, np.float32),
    }  # fmt: skip
    for layer in range(1, len(REACHES) + 1):
        weights |= {
            f"w{layer}": draw(3 * WIDTH, WIDTH, 0.5),
            f"b{layer}": np.zeros(WIDTH, np.float32),
        }
        weights |= {f"v{layer}": draw(WIDTH, WIDTH, 0.3)}
        if layer - 1 in WHOLE:
            weights[f"p{layer}"] = draw(2 * WIDTH, WIDTH, 0.3)
    return jax.tree.map(jnp.asarray, weights)


def normalise(x):
    """Return each row divided by its root mean square."""
    return x / jnp.sqrt(jnp.mean(x * x, -1, keepdims=True) + 1e-6)


def embed_tokens(weights, numbers, key):
    """Return the vectors of each line: means of words and of stems, first two and last word."""
    half = numbers.shape[1] // 2
    found, present = weights["vectors"][numbers], numbers > 0
    kept = jax.random.bernoulli(jax.random.fold_in(key, 99), 1 - DROP_TOKENS, numbers.shape)
    masked = found * kept[..., None] * present[..., None]
    parts = (slice(0, half), slice(half, None))
    means = [
        masked[:, part].sum(1) / jnp.maximum(present[:, part].sum(1), 1)[:, None] for part in parts
    ]
    last = jnp.where(
        present[:, half - 1], half - 1, jnp.maximum(present[:, : half - 3].sum(1) - 1, 0)
    )
    return [*means, masked[:, 0], masked[:, 1], masked[jnp.arange(len(numbers)), last]]


def forward(weights, shape, numbers, evidence, page, key):
    """Return the log-odds of a batch of lines; `page` says which page each line is of."""
    seen = jnp.concatenate([shape, *embed_tokens(weights, numbers, key), evidence], 1)
    x = jax.nn.relu(seen @ weights["w0"] + weights["b0"])
    size = jnp.maximum(jax.ops.segment_sum(jnp.ones(len(page)), page, PAGES + 1), 1)[:, None]
    for layer, reach in enumerate(REACHES, 1):
        kept = jax.random.bernoulli(jax.random.fold_in(key, layer), 1 - DROP, x.shape)
        h = normalise(x * kept / (1 - DROP))
        before = jnp.where((jnp.roll(page, reach) == page)[:, None], jnp.roll(h, reach, 0), 0)
        after = jnp.where((jnp.roll(page, -reach) == page)[:, None], jnp.roll(h, -reach, 0), 0)
        y = jnp.concatenate([before, h, after], 1) @ weights[f"w{layer}"] + weights[f"b{layer}"]
        if layer - 1 in WHOLE:
            mean = jax.ops.segment_sum(h, page, PAGES + 1) / size
            most = jax.ops.segment_max(h, page, PAGES + 1)
            whole = jnp.concatenate([mean, jnp.where(jnp.isfinite(most), most, 0)], 1)
            y = y + (whole @ weights[f"p{layer}"])[page]
        x = x + jax.nn.relu(y) @ weights[f"v{layer}"]
    return normalise(x) @ weights["wo"] + weights["bo"]


def pack_pages(examples: list[dict], order) -> list[list[int]]:
    """Return the examples in batches of at most LINES lines; a longer page is cut."""
    batches, batch, n = [], [], 0
    for i in order:
        size = min(len(examples[i]["body_lines"]), LINES)
        if not size:
            continue
        if n + size > LINES or len(batch) == PAGES:
            batches.append(batch)
            batch, n = [], 0
        batch.append(i)
        n += size
    return batches + [batch] if batch else batches


def gather(examples: list[dict], batch: list[int], rng) -> tuple:
    """Return the arrays of a batch, padded to LINES; half of the pages lack corpus evidence."""
    columns = collections.defaultdict(list)
    for number, i in enumerate(batch):
        example = examples[i]
        evidence = example["evidence"][:LINES]
        if rng.random() < 0.5:
            evidence = np.zeros_like(evidence)
        columns["evidence"].append(evidence)
        for key in ("scaled", "numbers", "body_lines", "heads", "weight"):
            columns[key].append(example[key][:LINES])
        columns["page"].append(np.full(len(evidence), number, np.int32))
    short = LINES - sum(map(len, columns["page"]))
    fill = {"body_lines": -1, "page": PAGES}
    return tuple(
        np.concatenate(
            [
                *columns[key],
                np.full(
                    (short, *columns[key][0].shape[1:]), fill.get(key, 0), columns[key][0].dtype
                ),
            ]
        )
        for key in ("scaled", "numbers", "evidence", "page", "body_lines", "heads", "weight")
    )


def prepare(examples: list[dict], mean, spread, known) -> None:
    """Fill in what a batch is gathered from."""
    for example in examples:
        example["scaled"] = np.clip((example["shape"] - mean) / spread, -5, 5).astype(np.float16)
        example["numbers"] = find_tokens(known, example["tokens"])


def find_entropy(z, y):
    """Return the cross-entropy of the log-odds `z` with the labels `y`."""
    return jnp.maximum(z, 0) - z * y + jnp.log1p(jnp.exp(-jnp.abs(z)))


def find_loss(weights, batch, key):
    """Return (what is minimised, the part of it that is of the body) of a batch."""
    shape, numbers, evidence, page, body, heads, weight = batch
    z = forward(weights, shape.astype(jnp.float32), numbers, evidence, page, key)
    lost = find_entropy(z[:, 0], jnp.where(body == 1, 0.99, 0.01)) * weight * (body >= 0)
    main = lost.sum() / jnp.maximum((weight * (body >= 0)).sum(), 1)
    on_page = page < PAGES
    lost = find_entropy(z[:, 1:], heads) * on_page[:, None]
    return main + 3 * (lost.sum() / jnp.maximum(on_page.sum(), 1)), main


def make_step(optimiser):
    """Return the function that learns from one batch and keeps a running average of the weights."""

    @jax.jit
    def step(weights, state, average, batch, key):
        (_, main), slope = jax.value_and_grad(find_loss, has_aux=True)(weights, batch, key)
        update, state = optimiser.update(slope, state, weights)
        weights = optax.apply_updates(weights, update)
        average = jax.tree.map(lambda old, new: 0.99 * old + 0.01 * new, average, weights)
        return weights, state, average, main

    return step


def train_net(examples: list[dict], extra: list[list[dict]], epochs: int) -> dict:
    """Return weights learned, each epoch, from all `examples` and one list of `extra` in turn."""
    vocabulary = pick_vocabulary(examples)
    known = spread_vocabulary(vocabulary)
    rows = np.concatenate([example["shape"] for example in examples[::4]])
    mean, spread = rows.mean(0), rows.std(0) + 0.05
    for part in (examples, *extra):
        prepare(part, mean, spread, known)
    rng = np.random.default_rng(0)
    turns = [examples + extra[turn % len(extra)] for turn in range(epochs)]
    batches = [pack_pages(pages, rng.permutation(len(pages))) for pages in turns]
    average = run_epochs(start_weights(len(mean), len(vocabulary)), turns, batches, rng)
    found = {f"net_{name}": np.asarray(value) for name, value in average.items()}
    is_known = np.arange(len(found["net_vectors"])) > 0
    found["net_vectors"] = found["net_vectors"] * is_known[:, None].astype(np.float32)
    return found | {"net_mean": mean, "net_spread": spread, "net_vocabulary": vocabulary}


def run_epochs(weights: dict, turns: list[list[dict]], batches: list, rng) -> dict:
    """Return the running average of the weights after all epochs; each one's loss is printed."""
    schedule = optax.cosine_onecycle_schedule(sum(map(len, batches)), RATE, 0.1)
    optimiser = optax.adamw(schedule, weight_decay=DECAY)
    state, step = optimiser.init(weights), make_step(optimiser)
    average, key, begun, number = weights, jax.random.PRNGKey(0), time.time(), 0
    for epoch, (pages, packed) in enumerate(zip(turns, batches, strict=True)):
        losses = []
        for batch in packed:
            arrays, drawn = gather(pages, batch, rng), jax.random.fold_in(key, number)
            weights, state, average, loss = step(weights, state, average, arrays, drawn)
            losses.append(loss)
            number += 1
        spent = time.time() - begun
        print(f"    epoch {epoch}: {float(np.mean(losses)):.4f}, {spent:.0f} s", flush=True)
    return average
