package synth

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode"
)

// pdf is a document of pages of A4 with text in Helvetica, PDF 1.4 (ISO 32000-1
// without anything newer): its bytes depend on what is written only, no stream is
// compressed, and every offset of its cross-reference table is right.
type pdf struct {
	title   string
	created time.Time
	pages   []*pdfPage
}

// pdfPage is what is drawn on a page. The origin is at the bottom left, units are
// 1/72 inch.
type pdfPage struct{ content strings.Builder }

// Size of A4, margins, and the leading of lines.
const (
	pdfWidth   = 595
	pdfHeight  = 842
	pdfMargin  = 56
	pdfLeading = 15
)

// The two fonts of the standard 14 that are used: names of resources.
const (
	pdfRegular = "F1"
	pdfBold    = "F2"
)

func (p *pdf) page() *pdfPage {
	page := &pdfPage{}
	p.pages = append(p.pages, page)
	return page
}

// text writes a line whose baseline begins at x, y.
func (p *pdfPage) text(font string, size, x, y int, s string) {
	fmt.Fprintf(&p.content, "BT /%s %d Tf %d %d Td (%s) Tj ET\n", font, size, x, y, pdfString(s))
}

// rule draws a horizontal line across the page.
func (p *pdfPage) rule(y int) {
	fmt.Fprintf(&p.content, "0.6 w %d %d m %d %d l S\n", pdfMargin, y, pdfWidth-pdfMargin, y)
}

// watermark writes in large light grey letters up the diagonal.
func (p *pdfPage) watermark(s string) {
	fmt.Fprintf(&p.content, "q 0.85 g BT /%s 40 Tf 0.7071 0.7071 -0.7071 0.7071 70 160 Tm (%s) Tj ET Q\n", pdfBold, pdfString(s))
}

// pdfString is s as the inside of a literal string in WinAnsiEncoding, of which
// Latin-1 is a part: other letters are left out, combining marks too.
func pdfString(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '(' || r == ')' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r >= 0x20 && r < 0x7F:
			b.WriteRune(r)
		case r >= 0xA0 && r <= 0xFF:
			fmt.Fprintf(&b, `\%03o`, r)
		case unicode.IsSpace(r):
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// padded is the content, filled with line ends to whole multiples of 1024 bytes:
// reports then differ little in length, as their planned sizes assume.
func (p *pdfPage) padded() string {
	const block = 1024
	s := p.content.String()
	return s + strings.Repeat("\n", block-1-(len(s)+block-1)%block)
}

// bytes writes the file: header, objects, cross-reference table, trailer. Its
// length is even, as that of the element that holds it.
func (p *pdf) bytes() []byte {
	const (
		catalog = iota + 1
		tree
		regular
		bold
		info
		firstPage // each page is two objects, itself and its content
	)
	objects := make([]string, firstPage+2*len(p.pages))
	var kids []string
	for n, page := range p.pages {
		at := firstPage + 2*n
		kids = append(kids, fmt.Sprintf("%d 0 R", at))
		objects[at] = fmt.Sprintf("<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /%s %d 0 R /%s %d 0 R >> >> /Contents %d 0 R >>",
			tree, pdfWidth, pdfHeight, pdfRegular, regular, pdfBold, bold, at+1)
		content := page.padded()
		objects[at+1] = fmt.Sprintf("<< /Length %d >>\nstream\n%sendstream", len(content), content)
	}
	objects[catalog] = fmt.Sprintf("<< /Type /Catalog /Pages %d 0 R /Lang (en) >>", tree)
	objects[tree] = fmt.Sprintf("<< /Type /Pages /Kids [%s] /Count %d >>", strings.Join(kids, " "), len(kids))
	const font = "<< /Type /Font /Subtype /Type1 /BaseFont /%s /Encoding /WinAnsiEncoding >>"
	objects[regular] = fmt.Sprintf(font, "Helvetica")
	objects[bold] = fmt.Sprintf(font, "Helvetica-Bold")
	zone := p.created.Format("-07'00'") // +08'00'
	objects[info] = fmt.Sprintf("<< /Title (%s) /Producer (PACSUAT) /CreationDate (D:%s%s) >>", pdfString(p.title), p.created.Format("20060102150405"), zone)

	b := []byte("%PDF-1.4\n%\xE2\xE3\xCF\xD3\n") // four bytes above 127: the file is binary
	offsets := make([]int, len(objects))
	for n := 1; n < len(objects); n++ {
		offsets[n] = len(b)
		b = fmt.Appendf(b, "%d 0 obj\n%s\nendobj\n", n, objects[n])
	}
	table := len(b)
	id := sha256.Sum256(b)
	b = fmt.Appendf(b, "xref\n0 %d\n0000000000 65535 f \n", len(objects))
	for _, at := range offsets[1:] {
		b = fmt.Appendf(b, "%010d 00000 n \n", at)
	}
	b = fmt.Appendf(b, "trailer\n<< /Size %d /Root %d 0 R /Info %d 0 R /ID [<%x> <%x>] >>\nstartxref\n%d\n%%%%EOF\n", len(objects), catalog, info, id[:16], id[:16], table)
	if len(b)%2 == 1 {
		b = append(b, '\n')
	}
	return b
}

// wrapped parts a text into lines of at most so many characters, at spaces.
func wrapped(s string, most int) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case len(line)+1+len(word) > most:
			lines = append(lines, line)
			line = word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
