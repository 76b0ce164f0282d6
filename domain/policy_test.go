package domain

import "testing"

func TestPolicy(t *testing.T) { tell(t, policyRows) }

var policyRows = []row{}
