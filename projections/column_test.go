package projections

import "testing"

func TestAColumnKeepsItsRowsOverManyChunks(t *testing.T) {
	var c column[int64]
	const rows = 3*chunkLen + 5
	for i := range int64(rows) {
		if row := c.add(i * i); int64(row) != i {
			t.Fatalf("row %d was added as %d", i, row)
		}
	}
	if c.len() != rows {
		t.Errorf("%d rows, not %d", c.len(), rows)
	}
	for i := range int32(rows) {
		if got, want := *c.at(i), int64(i)*int64(i); got != want {
			t.Fatalf("row %d is %d, not %d", i, got, want)
		}
	}
	*c.at(chunkLen) = -1
	if *c.at(chunkLen) != -1 || *c.at(chunkLen - 1) != (chunkLen-1)*(chunkLen-1) {
		t.Error("a row that was changed is not, or another is")
	}
}

func TestRowsThatWereAddedTogetherAreASpan(t *testing.T) {
	var c column[int32]
	c.add(7)
	before := c.len()
	c.add(8)
	c.add(9)
	var got []int32
	for row := range c.since(before).rows() {
		got = append(got, *c.at(row))
	}
	if len(got) != 2 || got[0] != 8 || got[1] != 9 {
		t.Errorf("the span has %v", got)
	}
	if s := c.since(c.len()); s.n != 0 {
		t.Errorf("nothing was added, and the span is %v", s)
	}
}
