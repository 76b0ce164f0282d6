package projections

import (
	"testing"

	"pcnledger/domain"
)

func TestOnlyWhatNamesAnItemIsReadAsOne(t *testing.T) {
	for _, id := range []domain.ItemID{"1.1", "57.3", "999999999999999999.2147483647"} {
		if key := keyOfItem(id); key == (itemKey{}) || key.id() != id {
			t.Errorf("%s is read as %v", id, key)
		}
	}
	for _, id := range []domain.ItemID{"", ".", "57", "57.", ".3", "0.1", "1.0", "01.1", "1.01", "+1.1", "-1.1", "1.-1", "1.1.1", "1,1", "x.1",
		"1.2147483648", "1000000000000000000.1", " 1.1", "1.1 "} {
		if key := keyOfItem(id); key != (itemKey{}) {
			t.Errorf("%q is read as %v", id, key)
		}
	}
}
