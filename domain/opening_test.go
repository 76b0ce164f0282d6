package domain

import "testing"

func TestOpening(t *testing.T) { tell(t, openingRows) }

var openingRows = []row{}
