package dev.weft.standalone.bench.run;

import dev.weft.standalone.bench.load.BodyFields;
import dev.weft.standalone.bench.load.Prompts;
import java.util.List;

/**
 * The fields and prompts that a server understands.
 *
 * @param notes what it doesn't understand, for people
 */
public record Understood(BodyFields fields, Prompts prompts, List<String> notes) {
    public Understood {
        notes = List.copyOf(notes);
    }
}
