import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { reloadOnNewVersion } from "../ui/newVersion";
import { App } from "../views/shell/App";
import { startWords } from "../words/words";

reloadOnNewVersion();
startWords(import.meta.glob("../words/*/*.ts", { eager: true }));
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
