/** A table's keys and arguments, with any words in it: what another language has to provide. */
type WidenedValue<Value> = Value extends (...args: infer Args) => string
  ? (...args: Args) => string
  : string;

export type Widened<Table> = { readonly [Key in keyof Table]: WidenedValue<Table[Key]> };
