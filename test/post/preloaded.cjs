process._rawDebug('preloaded');
