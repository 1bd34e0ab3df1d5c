package dev.weft.standalone;

import java.io.PrintWriter;
import java.io.StringWriter;

/** A command's output and exit code. */
public record CommandLineRun(int exitCode, String out, String err) {
    public static CommandLineRun of(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                Weft.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true))
                        .execute(arguments);
        return new CommandLineRun(code, out.toString(), err.toString());
    }
}
