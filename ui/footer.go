package ui

import (
	"gcl-tui/ui/internal/draw"
)

// footer shows the keys that do something now, as many as there is room for,
// and the toast where no frame carries it.
func footer(v *view, _ form, r rect) []string {
	width := max(0, r.w-2)
	l := v.Line(r.w).Space(1)
	l.Raw(v.Bar(width, v.footerLeft(), nil), width)
	return []string{l.String()}
}

func (v *view) footerLeft() []draw.Chunk {
	var chunks []draw.Chunk
	if v.asking != "" {
		chunks = append(chunks, draw.Of(0, v.Strong, v.asking))
	} else if v.toast.text != "" && !v.framed {
		return []draw.Chunk{v.toast.chunk(v.Pen)}
	}
	for _, h := range v.hints {
		chunks = append(chunks, draw.Chunk{Rank: h.rank, Spans: []draw.Span{
			{Style: v.Key, Text: v.keyName(h.Binding)}, v.muted(" " + h.Help().Desc),
		}})
	}
	return chunks
}
