package domain

import "testing"

func TestRequest(t *testing.T) { tell(t, requestRows) }

var requestRows = []row{}
