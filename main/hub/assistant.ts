import type { HubCore } from './core.ts';
export function startAssistant(core: HubCore): void {
  void core;
}
