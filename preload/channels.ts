/** The two channels between preload and Electron host; everything of the contract goes through them. */
export const callChannel = 'postcard:call';
export const eventChannel = 'postcard:event';
