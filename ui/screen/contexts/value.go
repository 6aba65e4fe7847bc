package contexts

import "regatta/ui/component/table"

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	cell := c.Cell(row, column, 0)
	return cell.Text + cell.Tail
}
