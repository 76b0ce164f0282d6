package intake

import (
	"slices"
	"strings"
)

// noPCN reports whether a cell for a network's code says that the practice is in none. Published files write it in five
// ways. U00000 is a network like any other.
func noPCN(code string) bool {
	spellings := []string{"", "U", "no_data", "N/A", "Unknown or no PCN"}
	return slices.ContainsFunc(spellings, func(s string) bool { return strings.EqualFold(s, strings.TrimSpace(code)) })
}
