package domain

import "testing"

func TestJournal(t *testing.T) { tell(t, journalRows) }

var journalRows = []row{}
