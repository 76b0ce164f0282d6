package projections

import (
	"strconv"
	"strings"

	"pcnledger/domain"
)

// An itemKey is a [domain.ItemID] in numbers: of its event, and of its line in it, both from 1.
type itemKey struct {
	number int64
	line   int32
}

func (k itemKey) hash() uint32 { return uint32(mix(uint64(k.number), uint64(k.line))) }

func (k itemKey) id() domain.ItemID {
	id := strconv.AppendInt(make([]byte, 0, 32), k.number, 10)
	return domain.ItemID(strconv.AppendInt(append(id, '.'), int64(k.line), 10))
}

// keyOfItem reads an id. What is not written as [itemKey.id] writes names no item: it is the zero key, which none has.
func keyOfItem(id domain.ItemID) itemKey {
	before, after, _ := strings.Cut(string(id), ".")
	number, line := digits(before), digits(after)
	if number == 0 || line == 0 || line > 1<<31-1 {
		return itemKey{}
	}
	return itemKey{number, int32(line)}
}

// digits reads a number from 1 to 18 digits long that begins with no zero; of anything else it makes 0.
func digits(text string) (number int64) {
	if len(text) == 0 || len(text) > 18 || text[0] == '0' {
		return 0
	}
	for i := range len(text) {
		digit := text[i] - '0'
		if digit > 9 {
			return 0
		}
		number = 10*number + int64(digit)
	}
	return number
}
