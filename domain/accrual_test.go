package domain

import "testing"

func TestAccrual(t *testing.T) { tell(t, accrualRows) }

var accrualRows = []row{}
