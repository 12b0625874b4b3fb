"""What articles are found by."""

import numpy as np
import pytest

from dedupe_news.core import sketches as module
from dedupe_news.core.ragged import Ragged
from dedupe_news.core.shingles import distinct_shingles, shingles_of
from dedupe_news.core.sketches import (
    Bands,
    anchor_bounds,
    anchor_levels,
    anchors_of,
    band_keys,
    digests_of,
    permutations,
    signatures_of,
)
from invented import hashes, prose


def sets(*texts):
    """Return the shingle set of each text."""
    return distinct_shingles(shingles_of(hashes(*texts), 5))


def low_bits(row):
    """Return what datasketch is given of shingle hashes."""
    return (row & np.uint64(2**32 - 1)).astype(np.uint32)


class TestDigests:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("a b", "b a"),
            ("a b", "a b b"),
            ("a a", "a"),
            ("a b c d", "a c b d"),
            ("a b a", "b a a"),
            ("", "a"),
        ],
    )
    def test_other_words_or_another_order_are_another_wording(self, one, other):
        """Both halves differ: each alone would do."""
        digests = digests_of(hashes(one, other))

        assert (digests[0] != digests[1]).all()

    def test_a_digest_depends_on_its_article_alone(self):
        """Neither its neighbours nor its place in a batch change it."""
        texts = [prose(30, 1), "", "one", prose(300, 2), prose(30, 1)]
        together = digests_of(hashes(*texts))

        alone = [digests_of(hashes(text))[0].tolist() for text in texts]
        assert together.tolist() == alone
        assert alone[0] == alone[4]

    def test_the_words_are_left_as_they_were(self):
        """The same array makes shingles afterwards."""
        words = hashes("a b c")
        before = words.values.tolist()
        digests_of(words)

        assert words.values.tolist() == before


class TestSignatures:
    @pytest.mark.parametrize(("num_perm", "seed"), [(128, 1), (2, 0), (256, 42)])
    def test_permutations_are_those_of_datasketch(self, num_perm, seed):
        """They are made here because importing scipy takes half a second."""
        from datasketch import MinHash  # noqa: PLC0415 - slow to import, and a peer only

        theirs = MinHash(num_perm, seed, scheme="affine32").permutations
        assert np.array_equal(np.array(permutations(num_perm, seed)), theirs)

    @pytest.mark.parametrize("seed", [0, 1, 2**31, 2**32 - 1])
    def test_permutations_are_drawn_as_numpy_draws(self, seed):
        """Its generator is not loaded for them, and any seed draws the same."""
        generator = np.random.RandomState(seed)
        factors = generator.randint(0, 1 << 31, 1024, dtype=np.uint32)
        summands = generator.randint(0, 1 << 32, 1024, dtype=np.uint32)

        found = permutations(1024, seed)
        assert np.array_equal(found, (2 * factors + 1, summands))

    @pytest.mark.parametrize(("width", "room"), [(1 << 14, 1 << 17), (64, 999), (64, 64), (1, 7)])
    def test_signatures_equal_those_of_datasketch_bit_for_bit(self, monkeypatch, width, room):
        """Articles and permutations in parts, and parts of a giant article, have the same."""
        from datasketch import MinHash  # noqa: PLC0415 - slow to import, and a peer only

        monkeypatch.setattr(module, "_WIDTH", width)
        monkeypatch.setattr(module, "_ROOM", room)
        shingles = shingles_of(hashes("", "one", prose(200, 1), prose(12, 2), "", prose(70, 3)), 5)
        ours = signatures_of(shingles, 64, 3)
        for row, signature in zip(shingles, ours, strict=True):
            theirs = MinHash(64, 3, scheme="affine32", hashfunc=lambda value: value)
            theirs.update_batch(low_bits(row))
            assert np.array_equal(signature, theirs.hashvalues)

    def test_more_articles_than_a_block_holds_are_all_signed(self, monkeypatch):
        """Blocks are a matter of memory."""
        monkeypatch.setattr(module, "_WIDTH", 100)
        texts = [prose(20, seed) for seed in range(70)]
        together = signatures_of(sets(*texts), 8, 1)

        assert together.tolist() == [signatures_of(sets(t), 8, 1)[0].tolist() for t in texts]

    def test_repetition_and_order_do_not_matter(self):
        """A signature is that of a set."""
        row = sets(prose(30, 1)).values
        twice = Ragged.from_lengths(np.concatenate((row[::-1], row)), np.array([2 * len(row)]))
        once = Ragged.from_lengths(row, np.array([len(row)]))

        assert np.array_equal(signatures_of(twice, 16, 1), signatures_of(once, 16, 1))

    def test_the_share_of_equal_values_estimates_resemblance(self):
        """Half of one text in another of its length: a Jaccard similarity of one third."""
        shared = prose(200, 1)
        one, other = signatures_of(
            sets(f"{shared} {prose(200, 2)}", f"{shared} {prose(200, 3)}"), 1024, 1
        )

        assert abs((one == other).mean() - 1 / 3) < 0.06


class TestBands:
    @pytest.mark.parametrize(
        ("num_perm", "bands", "rows"),
        [(2, 1, 2), (3, 1, 3), (4, 1, 3), (128, 42, 3), (1024, 341, 3)],
    )
    def test_signatures_are_cut_to_find_more_rather_than_less(self, num_perm, bands, rows):
        """What is proposed too much is dropped by verification."""
        assert Bands.leaning_to_recall(num_perm) == Bands(bands, rows)

    @pytest.mark.parametrize(
        ("resemblance", "chance"), [(0, 0), (0.17, 0.19), (0.44, 0.976), (0.7, 1.0), (1, 1)]
    )
    def test_the_chance_is_that_of_the_book(self, resemblance, chance):
        """One minus the chance that no band is equal throughout."""
        assert Bands(42, 3).chance(resemblance) == pytest.approx(chance, abs=0.005)

    def test_a_key_is_shared_when_all_values_of_the_band_are(self):
        """One differing value makes one differing key."""
        signature = np.arange(12, dtype=np.uint32)
        other = signature.copy()
        other[4] += 1
        keys = band_keys(np.stack((signature, other)), Bands(4, 3))

        assert (keys[0] == keys[1]).tolist() == [True, False, True, True]

    def test_equal_values_in_different_bands_have_different_keys(self):
        """A text of one shingle would otherwise be everyone's candidate."""
        keys = band_keys(np.full((1, 12), 7, np.uint32), Bands(4, 3))

        assert len(set(keys[0].tolist())) == 4

    def test_values_that_fill_no_band_are_left_over(self):
        """128 values make 42 bands of three, and two are not used."""
        assert band_keys(np.zeros((2, 128), np.uint32), Bands(42, 3)).shape == (2, 42)


class TestAnchors:
    @pytest.mark.parametrize(
        ("distinct", "level"),
        [(0, 0), (1, 0), (95, 0), (96, 1), (191, 1), (192, 2), (384, 3), (10**6, 3)],
    )
    def test_longer_articles_are_sampled_more_thinly(self, distinct, level):
        """About 48 anchors stay until one in eight is reached."""
        assert anchor_levels(np.array([distinct])).tolist() == [level]

    def test_each_level_keeps_half_of_the_one_before(self):
        """Hashes are spread evenly, so a bound is a share."""
        bounds = anchor_bounds(np.arange(4)).tolist()

        assert [bound + 1 for bound in bounds] == [2**64, 2**63, 2**62, 2**61]

    def test_anchors_are_the_shingles_under_the_bound(self):
        """In their order, and of a short text all."""
        shingles = sets(prose(30, 1), prose(700, 2), "")
        short, long, empty = anchors_of(shingles)

        assert short.tolist() == shingles[0].tolist()
        assert long.tolist() == [value for value in shingles[1].tolist() if value < 2**61]
        assert len(empty) == 0

    @pytest.mark.parametrize("seed", range(5))
    def test_adding_text_removes_no_anchor_below_the_common_bound(self, seed):
        """The sample is the same in every article, however long the rest of it is."""
        report = prose(150, seed)
        shingles = sets(report, f"{report} {prose(2000, seed + 100)}")
        brief, whole = (set(row.tolist()) for row in anchors_of(shingles))

        assert {value for value in brief if value < 2**61} <= whole
