/** Which dialog of the desk is open: header, context pane and keys all open the same one. */
import { create } from 'zustand';

interface Asked {
  tool: 'supervise' | 'transfer' | null;
  /** Somebody wants to write a note; whoever shows the box takes it back. */
  notes: boolean;
}

export const useTool = create<Asked>()(() => ({ tool: null, notes: false }));

export function showTool(tool: Asked['tool']) {
  useTool.setState({ tool });
}
