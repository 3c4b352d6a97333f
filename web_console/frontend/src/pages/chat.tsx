import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { startScheme } from "../ui/scheme";
import "../ui/tokens.css";
import { ChatApp } from "../views/chat/ChatApp";
import { startWords } from "../words/words";

startScheme();
startWords(import.meta.glob("../words/*/{ui,chat}.ts", { eager: true }));
createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ChatApp />
  </StrictMode>,
);
