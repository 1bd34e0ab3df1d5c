package dev.weft.standalone.output;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;

/** Prints what a command answers, each part at once. */
public final class Printed {
    private Printed() {}

    /** Prints a text as it is. */
    public static void text(CommandSpec spec, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    /** Prints a line. */
    public static void line(CommandSpec spec, String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(line);
        out.flush();
    }
}
