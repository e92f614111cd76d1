const DOTS = Array.from({ length: 11 }, (_, index) => {
  const angle = (2 * Math.PI * index) / 11 - Math.PI / 2;
  return { x: 16 + 11.5 * Math.cos(angle), y: 16 + 11.5 * Math.sin(angle) };
});

/** Eleven points around one. */
export function Wordmark({ name }: { readonly name: string }) {
  return (
    <span class="wordmark">
      <svg class="wordmark-ring" viewBox="0 0 32 32" aria-hidden="true">
        {DOTS.map(({ x, y }) => (
          <circle key={x} cx={x.toFixed(2)} cy={y.toFixed(2)} r="2.3" />
        ))}
        <circle class="wordmark-core" cx="16" cy="16" r="5" />
      </svg>
      {name}
    </span>
  );
}
