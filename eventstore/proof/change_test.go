package proof

import (
	"bytes"
	"iter"
	"slices"
)

// changes yields text with each of its bytes changed in several ways, taken out, doubled, and followed by others, and with
// each of its ends cut off. All differ from text. It is a sample; the fuzz tests try the rest.
func changes(text []byte) iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for i, b := range text {
			others := [][]byte{{}, {b, b}, {b, '\n'}, {b, '\r'}, {b, '='}, {'\n'}, {'A'}, {b ^ 1}, {b ^ 0x20}, {b ^ 0x80}}
			for _, other := range others {
				changed := slices.Concat(text[:i], other, text[i+1:])
				if !bytes.Equal(changed, text) && !yield(changed) {
					return
				}
			}
			if !yield(text[:i:i]) || i > 0 && !yield(text[i:]) {
				return
			}
		}
	}
}
