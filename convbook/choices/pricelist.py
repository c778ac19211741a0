"""Offers as a table on a page, with the times that were measured there."""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class PriceList:
    """A row an offer: what it costs, against the first; and its time, where there is one.

    Args:
        offers: of `convbook.choices.choose`, the plain layer first.
        times: milliseconds, one an offer; () for none.
    """

    offers: tuple
    times: tuple = ()

    HEAD = "layer", "window", "weights", "MACs", "bytes", "ms", "billion MACs a second"

    def rows(self):
        """Each row's cells as text.

        >>> from convbook.choices import choose
        >>> [cells[:3] for cells in PriceList(choose(in_channels=4, out_channels=4, size=6).offers[:1]).rows()]
        [['bottleneck', '3', '17']]
        """
        for offer, ms in zip(self.offers, self.times or [None] * len(self.offers)):
            cells = [offer.name.replace("_", " "), str(offer.field), f"{offer.params:,}", f"{offer.macs:,}", f"{offer.bytes:,}"]
            yield cells if ms is None else [*cells, f"{ms:.2f}", f"{offer.macs / ms / 1e6:.1f}"]

    def __repr__(self):
        return f"PriceList of {len(self.offers)} layers"

    def _repr_html_(self):
        rows = list(self.rows())
        head = "".join(f'<th scope="col">{name}</th>' for name in self.HEAD[:len(rows[0])])
        body = "".join(f'<tr><th scope="row">{escape(name)}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" for name, *cells in rows)
        return f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
