package domain

import "testing"

func TestPeriod(t *testing.T) { tell(t, periodRows) }

var periodRows = []row{}
