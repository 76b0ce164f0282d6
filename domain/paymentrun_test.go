package domain

import "testing"

func TestPaymentRun(t *testing.T) { tell(t, paymentRunRows) }

var paymentRunRows = []row{}
