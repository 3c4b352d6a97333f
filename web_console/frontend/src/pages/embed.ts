/**
 * `<script src="https://hotline.example/embed.js" data-label="需要聊聊吗？" data-position="right" async></script>`
 *
 * One button in the corner of another site that opens the chat in a window of its own: a frame would keep the conversation
 * inside a page whose owner could cover it, and quick exit could not leave that page.
 */
const script = document.currentScript as HTMLScriptElement | null;

function place(origin: string, label: string, position: string): void {
  const host = document.createElement("div");
  // A closed shadow root: the site's styles do not reach the button, nor ours the site.
  const root = host.attachShadow({ mode: "closed" });
  const link = document.createElement("a");
  link.href = `${origin}/chat`;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  link.textContent = label;
  Object.assign(link.style, {
    position: "fixed",
    bottom: "20px",
    [position === "left" ? "left" : "right"]: "20px",
    zIndex: "2147483000",
    padding: "12px 18px",
    borderRadius: "24px",
    background: "#0b5f66",
    color: "#ffffff",
    font: "600 16px/1.2 system-ui, sans-serif",
    textDecoration: "none",
    boxShadow: "0 2px 10px rgba(0, 0, 0, 0.25)",
  });
  root.append(link);
  document.body.append(host);
}

if (script?.src) {
  const zh = (document.documentElement.lang || navigator.language).toLowerCase().startsWith("zh");
  const label = script.dataset["label"] ?? (zh ? "想找人聊聊？" : "Need to talk?");
  place(new URL(script.src).origin, label, script.dataset["position"] ?? "right");
}
