import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

/** Where a running `hotline serve` or `hotline demo` answers, for `npm run dev`. */
const server = process.env["HOTLINE_DEV_SERVER"] ?? "http://127.0.0.1:8080";

/**
 * The three pages of the product. Built into the Python package beside this folder, where aiohttp serves them:
 * index.html → /, chat.html → /chat, school.html → /school, everything hashed under /assets/.
 */
export default defineConfig({
  plugins: [react()],
  // Hashed assets only; nothing is copied as it is.
  publicDir: false,
  base: "/",
  build: {
    outDir: "../pages",
    emptyOutDir: true,
    // Inline nothing: the content security policy allows neither inline scripts nor data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rollupOptions: { input: { console: "index.html", chat: "chat.html", school: "school.html" } },
  },
  server: {
    proxy: { "/api": server, "/ws": { target: server.replace("http", "ws"), ws: true } },
  },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
  },
});
