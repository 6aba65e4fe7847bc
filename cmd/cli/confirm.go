package cli

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"strings"

	"regatta/cmd/cli/output"
	"regatta/model/plan"
)

// confirm asks on the terminal, as the plan's risk demands. Without a terminal
// nobody can be asked.
func (c *changing) confirm(p plan.Plan) error {
	if c.o.yes {
		writeLost(c.streams.Err, p)
		writeMind(c.streams.Err, p)
		return nil
	}
	if !c.streams.Terminal {
		return output.End(output.Refused, errors.New(
			"this changes the registry, and there is no terminal to ask on: give --yes, or --dry-run to see the plan"))
	}
	c.shown(p)(c.streams.Err)
	want, question := "y", "go on? [y/N] "
	typed := p.Typed() || c.want != ""
	if typed {
		want = cmp.Or(c.want, p.Word())
		if p.Overrides() {
			want = p.Word()
		}
		question = fmt.Sprintf("type %s to go on: ", want)
	}
	fmt.Fprint(c.streams.Err, question)
	if c.answers == nil {
		c.answers = bufio.NewReader(c.streams.In)
	}
	answer, err := c.answers.ReadString('\n')
	answer = strings.TrimSpace(answer)
	if err == nil && (answer == want || !typed && strings.EqualFold(answer, "yes")) {
		return nil
	}
	return output.End(output.Refused, errors.New("not confirmed: nothing was changed"))
}
