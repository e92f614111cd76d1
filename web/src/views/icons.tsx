/** Line icons drawn for this page; decoration only, the words are beside them. */
const PATHS = {
  points:
    "M12 3.5v2M12 18.5v2M3.5 12h2M18.5 12h2M6 6l1.4 1.4M16.6 16.6 18 18M18 6l-1.4 1.4M7.4 16.6 6 18M12 9a3 3 0 1 1 0 6 3 3 0 0 1 0-6Z",
  transfers: "M4 8.5h15l-3.5-3.5M20 15.5H5l3.5 3.5",
  back: "M14.5 5.5 8 12l6.5 6.5",
  next: "M9.5 5.5 16 12l-6.5 6.5",
  bank: "M4 10 12 4.5 20 10M6 10v7M10 10v7M14 10v7M18 10v7M4 19.5h16",
  printer: "M7 9V4h10v5M7 17H4.5v-7.5h15V17H17M7 14h10v6H7Z",
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  trash: "M5 7h14M10 7V4.5h4V7M7 7l1 12.5h8L17 7",
  settings:
    "M4 7h9M17 7h3M4 17h3M11 17h9M15 4.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4ZM9 14.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4Z",
  phone:
    "M6.5 4h2.6l1.4 3.8-1.9 1.3a11 11 0 0 0 5.3 5.3l1.3-1.9 3.8 1.4v2.6a1.9 1.9 0 0 1-2.1 1.9A14.8 14.8 0 0 1 4.6 6.1 1.9 1.9 0 0 1 6.5 4Z",
  again: "M19 5v4.5h-4.5M5 19v-4.5h4.5M18.6 9.5A7 7 0 0 0 6.2 8M5.4 14.5A7 7 0 0 0 17.8 16",
  clock: "M12 7.5V12l3 2M12 4a8 8 0 1 1 0 16 8 8 0 0 1 0-16Z",
  notice: "M12 8v5M12 16.2v.1M12 3.8 21 19.5H3Z",
  hourglass: "M7 4h10M7 20h10M8 4c0 5 8 6 8 12v4M16 4c0 5-8 6-8 12v4",
  check: "m5.5 12.5 4 4 9-9.5",
  lock: "M7 11V8.5a5 5 0 0 1 10 0V11M6 11h12v8.5H6Z",
  autopay: "M4.5 9.5h15M4.5 6.5h15v12h-15ZM8 14.5h3",
  calendar: "M5 6.5h14v13H5ZM5 10.5h14M8.5 4v4M15.5 4v4",
  bolt: "M13 3.5 6 13.5h5l-1 7 7-10h-5Z",
  school: "M3 9.5 12 5l9 4.5-9 4.5ZM7 11.8V16c1.5 1.6 3 2.3 5 2.3s3.5-.7 5-2.3v-4.2",
  shield: "M12 3.8 19 6.5v5c0 4.3-2.8 7.3-7 8.8-4.2-1.5-7-4.5-7-8.8v-5Z",
  building: "M6 20V4.5h8V20M14 9.5h4.5V20M3.5 20h17M9 8.5h2M9 12h2M9 15.5h2",
  key: "M8 9.5a4 4 0 1 1 0 8 4 4 0 0 1 0-8ZM10.8 10.7 18 3.5M15 6.5l2.5 2.5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
