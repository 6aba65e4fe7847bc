package propose

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"regatta/cmd/cli/output"
	"regatta/model/plan"
)

// Confirm asks on the terminal, as the plan's risk demands. Without a terminal
// nobody can be asked.
func (c *Proposal) Confirm(p plan.Plan) error {
	if c.Options.Yes {
		WriteLost(c.Streams.Err, p)
		WriteMind(c.Streams.Err, p)
		return nil
	}
	if !c.Streams.Terminal {
		return output.End(output.Refused, errors.New(
			"this changes the registry, and there is no terminal to ask on: give --yes, or --dry-run to see the plan"))
	}
	c.shown(p)(c.Streams.Err)
	want, question := "y", "go on? [y/N] "
	word := p.Asks(c.Want)
	if word != "" {
		want, question = word, fmt.Sprintf("type %s to go on: ", word)
	}
	fmt.Fprint(c.Streams.Err, question)
	if c.answers == nil {
		c.answers = bufio.NewReader(c.Streams.In)
	}
	answer, err := c.answers.ReadString('\n')
	answer = strings.TrimSpace(answer)
	if err == nil && (answer == want || word == "" && strings.EqualFold(answer, "yes")) {
		return nil
	}
	return output.End(output.Refused, errors.New("not confirmed: nothing was changed"))
}
