"""LABELS OUT.pdf FONT INDEX: the benchmark's labels on ReportLab, each text at its fixed place and size, with
ReportLab's own Code 128. It wraps addresses after a number of characters and shrinks nothing."""
import resource
import sys

from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

HEIGHT = 180


class Pen:
    def __init__(self, canvas):
        self.canvas = canvas

    def text(self, x, baseline, size, words):
        self.canvas.setFont("paper", size)
        self.canvas.drawString(x * mm, (HEIGHT - baseline) * mm, words)

    def right(self, x, baseline, size, words):
        self.canvas.setFont("paper", size)
        self.canvas.drawRightString(x * mm, (HEIGHT - baseline) * mm, words)

    def centred(self, x, baseline, size, words):
        self.canvas.setFont("paper", size)
        self.canvas.drawCentredString(x * mm, (HEIGHT - baseline) * mm, words)

    def line(self, x1, y1, x2, y2, width):
        self.canvas.setLineWidth(width * mm)
        self.canvas.line(x1 * mm, (HEIGHT - y1) * mm, x2 * mm, (HEIGHT - y2) * mm)

    def badge(self, y, side, character):
        self.canvas.rect(4 * mm, (HEIGHT - y - side) * mm, side * mm, side * mm, stroke=0, fill=1)
        self.canvas.setFillGray(1)
        self.text(4 + side * 0.17, y + side * 0.75, side * 1.9, character)
        self.canvas.setFillGray(0)

    def code(self, y, height, data):
        code = Code128(data, barWidth=0.375 * mm, barHeight=height * mm, quiet=False)
        code.drawOn(self.canvas, (100 * mm - code.width) / 2, (HEIGHT - y - height) * mm)


def chopped(text, most):
    return [text[i : i + most] for i in range(0, len(text), most)]


def one_label(pen, f):
    for y in (2, 17, 50, 89.5, 107.5, 142, 178):
        pen.line(2, y, 98, y, 0.4)
    pen.line(2, 2, 2, 178, 0.4)
    pen.line(98, 2, 98, 178, 0.4)
    pen.text(4, 12, 22, f[0])
    pen.right(96, 8, 10, "第 1 件 / 共 1 件")
    pen.right(96, 13, 8, "2026-11-22 16:43")
    pen.code(19.5, 21, f[1])
    pen.centred(50, 47, 16, f[1])
    pen.badge(53, 9, "收")
    pen.text(15, 57.5, 15, f[2])
    pen.right(96, 57.5, 14, f[4])
    pen.text(15, 63.5, 10.5, f[3])
    for i, line in enumerate(chopped(f[5], 15)):
        pen.text(15, 71 + 6.9 * i, 15, line)
    pen.badge(91.5, 6, "寄")
    pen.text(15, 95.5, 9, f[6])
    pen.right(96, 95.5, 9, f[7])
    for i, line in enumerate(chopped(f[8], 26)):
        pen.text(15, 101 + 3.9 * i, 8.5, line)
    pen.text(4, 113, 11, "电子印章 KEY × " + f[10])
    pen.right(96, 113, 9, "共 2 个订单")
    pen.text(4, 119, 8.5, f[9])
    pen.text(4, 147, 8, "寄件存根")
    pen.right(96, 147, 9, f[0] + "  " + f[1])
    pen.code(149.5, 10, f[1])
    pen.text(4, 165, 9, f[2] + "  " + f[3])
    pen.right(96, 165, 9, f[4])
    for i, line in enumerate(chopped(f[5], 30)):
        pen.text(4, 171 + 3.9 * i, 8.5, line)


def main(labels, out, font, index):
    pdfmetrics.registerFont(TTFont("paper", font, subfontIndex=int(index)))
    canvas = Canvas(out, pagesize=(100 * mm, HEIGHT * mm), pageCompression=1)
    pen = Pen(canvas)
    with open(labels, encoding="utf-8") as file:
        for line in file:
            one_label(pen, line.rstrip("\n").split("\t"))
            canvas.showPage()
    canvas.save()


main(*sys.argv[1:5])
used = resource.getrusage(resource.RUSAGE_SELF)
with open("/proc/self/status", encoding="ascii") as status:
    peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
print(f"took {(used.ru_utime + used.ru_stime) * 1000:.3f} ms {peak / 1024:.3f} MB")
