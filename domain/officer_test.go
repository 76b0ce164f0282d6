package domain

import "testing"

func TestOfficer(t *testing.T) { tell(t, officerRows) }

var officerRows = []row{}
