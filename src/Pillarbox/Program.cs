using Pillarbox.Commands;

return await PillarboxCommand.RunAsync(args);
