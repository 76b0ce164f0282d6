package domain

import "testing"

func TestWriteOff(t *testing.T) { tell(t, writeOffRows) }

var writeOffRows = []row{}
