/** The few icons there are, drawn as strokes on a 24-grid; `label` only where no word stands beside it. */
const PATHS = {
  chat: "M4 5h16v11H9l-5 4z",
  call: "M5 4h4l2 5-2.5 1.5a11 11 0 0 0 5 5L15 13l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 3 6a2 2 0 0 1 2-2",
  sms: "M4 6h16v12H4z M4 7l8 6 8-6",
  school: "M3 10l9-5 9 5-9 5z M7 12.5V17c3 2.4 7 2.4 10 0v-4.5",
  walk_in: "M12 4a2 2 0 1 0 0 4 2 2 0 0 0 0-4 M12 9v6 M8 12l4-2 4 2 M12 15l-3 6 M12 15l3 6",
  alert: "M12 4 2.8 20h18.4z M12 10v4 M12 17v.3",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4z M10 21h4",
  bellOff: "M4 4l16 16 M8 6.5A6 6 0 0 1 18 11v5 M6 11v6l-2 2h13 M10 21h4",
  check: "M5 12.5 10 17l9-10",
  checks: "M2 12.5 7 17l9-10 M12 17l9-10",
  clock: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18 M12 7v5l3 2",
  close: "M6 6l12 12 M18 6 6 18",
  dots: "M5 12h.01 M12 12h.01 M19 12h.01",
  down: "M6 9l6 6 6-6",
  up: "M6 15l6-6 6 6",
  help: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18 M9.5 9.5a2.5 2.5 0 1 1 3.6 2.2c-.8.4-1.1.9-1.1 1.8 M12 16.6v.2",
  hangUp: "M3 14c5-5 13-5 18 0l-2.5 3-3.5-1.5v-2.6a11 11 0 0 0-6 0v2.6L5.5 17z",
  keyboard: "M3 6h18v12H3z M7 10h.01 M11 10h.01 M15 10h.01 M8 14h8",
  leave: "M10 4H5v16h5 M14 8l4 4-4 4 M18 12H9",
  moon: "M20 14A8 8 0 1 1 10 4a6.5 6.5 0 0 0 10 10",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8 M12 2v2 M12 20v2 M2 12h2 M20 12h2 M5 5l1.4 1.4 M17.6 17.6 19 19 M19 5l-1.4 1.4 M6.4 17.6 5 19",
  auto: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18 M12 3v18 M12 7l5 5 M12 12l4 4 M13 17l1 1",
  person: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8 M4 21a8 8 0 0 1 16 0",
  plus: "M12 5v14 M5 12h14",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14 M16 16l5 5",
  send: "M4 12 20 4l-5 16-3-7z",
  transfer: "M4 8h14l-4-4 M20 16H6l4 4",
  wave: "M3 12h2l2-6 4 14 4-12 2 4h4",
  offline: "M4 4l16 16 M5 12a10 10 0 0 1 4-2.5 M2 9a15 15 0 0 1 5-3 M12 6a15 15 0 0 1 10 3 M9 16a5 5 0 0 1 6 0 M12 20h.01",
  note: "M6 3h9l4 4v14H6z M9 11h7 M9 15h7",
  place: "M12 21c4-5 6-8 6-11a6 6 0 0 0-12 0c0 3 2 6 6 11 M12 8a2 2 0 1 0 0 4 2 2 0 0 0 0-4",
  hold: "M8 5v14 M16 5v14",
  resume: "M7 5l11 7-11 7z",
  mic: "M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3 M6 11a6 6 0 0 0 12 0 M12 17v4",
  micOff: "M4 4l16 16 M9 9v2a3 3 0 0 0 5 2 M15 10V6a3 3 0 0 0-5.6-1.5 M6 11a6 6 0 0 0 9.5 4.8 M18 11a6 6 0 0 1-.6 2.6 M12 17v4",
  keypad: "M6 5h.01 M12 5h.01 M18 5h.01 M6 11h.01 M12 11h.01 M18 11h.01 M6 17h.01 M12 17h.01 M18 17h.01",
  addPerson: "M10 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8 M3 20a7 7 0 0 1 12-5 M18 14v6 M15 17h6",
  headset: "M4 14v-2a8 8 0 0 1 16 0v2 M4 14h3v5H5a1 1 0 0 1-1-1z M20 14h-3v5h2a1 1 0 0 0 1-1z M19 19c0 1.5-2 2-5 2",
  signal: "M5 19v-3 M10 19v-7 M15 19V9 M20 19V5",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 18, label }: { name: IconName; size?: number; label?: string }) {
  const named = label ? { role: "img", "aria-label": label } : { "aria-hidden": true };
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      {...named}
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
