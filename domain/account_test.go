package domain

import "testing"

func TestEveryAccountKnowsItsPlaceInTheTrialBalance(t *testing.T) {
	for i, account := range Accounts() {
		if account.Order() != i || account.rule().account != account {
			t.Errorf("%s stands in place %d, knows place %d and follows the rule of %s", account, i, account.Order(), account.rule().account)
		}
	}
	if order := Account("petty cash").Order(); order != -1 {
		t.Errorf("petty cash stands in place %d", order)
	}
}
