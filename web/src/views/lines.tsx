/** A title that breaks where its author meant it to. */
export function Lines({ text }: { readonly text: string }) {
  return (
    <>
      {text.split("\n").map((line) => (
        <span key={line} class="line">
          {line}{" "}
        </span>
      ))}
    </>
  );
}
