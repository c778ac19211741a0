"""The book's table of all systems: what each is made of, where it is explained, what it costs, and whether its paper says so."""

from dataclasses import dataclass
from functools import partial
from html import escape

from convbook.networks.verdicts import verdicts

# Builder -> the block that the network is known for, and the page and anchor that build it.
BLOCKS = {
    "lenet5": ("convolution and subsampling", "01_vanilla#vanilla-lenet"),
    "alexnet": ("grouped convolution in layers 2, 4, 5", "02_grouped#grouped-alexnet"),
    "alexnet_one_column": ("ordinary convolution", "02_grouped#grouped-alexnet"),
    "zfnet": ("ordinary convolution, seen through transposed ones", "04_transposed#transposed-zfnet"),
    "vgg": ("stacks of 3 × 3", "07_inception#inception-two-threes"),
    "resnet50": ("bottleneck with a shortcut", "02_grouped#grouped-resnext"),
    "resnext50_32x4d": ("bottleneck, 3 × 3 in 32 groups", "02_grouped#grouped-resnext"),
    "shufflenet_v1": ("pointwise groups, shuffle, depthwise", "02_grouped#grouped-table1"),
    "shufflenet_v2": ("channel split, shuffle, depthwise", "10_recent#recent-shufflenet"),
    "mobilenet_v1": ("depthwise separable", "06_separable#separable-mobilenet"),
    "mobilefacenet": ("depthwise bottleneck, global depthwise", "03_depthwise#depthwise-mobilefacenet"),
    "googlenet": ("Inception module", "07_inception#inception-googlenet"),
    "bn_inception": ("Inception module, batch norm, two 3 × 3 for 5 × 5", "10_recent#recent-v2"),
    "inception_v3": ("Inception modules, 1 × n and n × 1", "10_recent#recent-v3-whole"),
    "inception_v4": ("Inception modules, one for each size of map", "10_recent#recent-v4"),
    "xception": ("depthwise separable with a shortcut", "10_recent#recent-xception"),
    "srcnn": ("three ordinary convolutions on a resized image", "04_transposed#transposed-sr"),
    "fsrcnn_transition": ("transposed convolution at the end", "04_transposed#transposed-sr"),
    "fsrcnn": ("transposed convolution at the end", "04_transposed#transposed-sr"),
    "deformable_resnet50": ("deformable convolution in a bottleneck", "09_deformable#deformable-network"),
    "aspp_head": ("atrous convolutions side by side", "05_atrous#atrous-aspp"),
}


@dataclass(frozen=True)
class SystemsTable:
    """The rows of one family, built and counted when the table is made; `rows` are of `convbook.networks.published`."""

    rows: list

    HEAD = "network", "block, and its chapter", "parameters", "MACs", "its paper prints", "agrees?"

    def __post_init__(self):
        object.__setattr__(self, "found", [verdicts(row) for row in self.rows])

    def cells(self):
        """Each row's cells as HTML."""
        for row, found in zip(self.rows, self.found):
            maker = row.build.func if isinstance(row.build, partial) else row.build
            block, where = BLOCKS[maker.__name__]
            page, anchor = where.split("#")
            size = " × ".join(map(str, row.input_shape))
            yield (f"{escape(row.name)}<br><code>{escape(row.call)}</code><br>on {size}",
                   f'{escape(block)}<br><a href="{page}.html#{anchor}">chapter {int(page[:2])}</a>', f"{row.params:,}", f"{row.macs:,}", escape(row.printed) or "nothing", agreement(row, found))

    def __repr__(self):
        return f"SystemsTable of {len(self.rows)} networks"

    def _repr_html_(self):
        head = "".join(f'<th scope="col">{cell}</th>' for cell in self.HEAD)
        body = "".join(f'<tr><th scope="row">{first}</th>' + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>" for first, *cells in self.cells())
        return f'<table class="table cb-systems"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def agreement(row, found):
    """"yes", or for each figure that is not the exact one rounded what it is; where counting does not tell, the reason in italics."""
    lines = [f"{escape(figure.printed)}: {escape(figure.word)}" for figure in found if figure.word not in ("agrees", "")]
    if row.why and (not found or any(not figure.word for figure in found) or "connections" in row.printed):
        lines.append(f"<em>{escape(row.why)}</em>")
    return "<br>".join(lines) or ("yes" if found else "—")
