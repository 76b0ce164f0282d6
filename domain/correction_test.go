package domain

import "testing"

func TestCorrection(t *testing.T) { tell(t, correctionRows) }

var correctionRows = []row{}
