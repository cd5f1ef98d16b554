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
	} else if v.toast.text != "" {
		return []draw.Chunk{v.toast.chunk(v.Pen)}
	}
	for i, b := range v.hints {
		rank := i + 2
		if i >= len(v.hints)-2 {
			rank = 1 // help and quit stay longest
		}
		chunks = append(chunks, draw.Chunk{Rank: rank, Spans: []draw.Span{
			{Style: v.Key, Text: v.keyName(b)}, v.muted(" " + b.Help().Desc),
		}})
	}
	return chunks
}
