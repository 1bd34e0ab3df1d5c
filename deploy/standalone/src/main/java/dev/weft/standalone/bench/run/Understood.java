package dev.weft.standalone.bench.run;

import dev.weft.standalone.bench.load.BodyFields;
import dev.weft.standalone.bench.load.Prompts;
import java.util.List;

/**
 * What a server was found to understand.
 *
 * @param notes what it did not, for people
 */
public record Understood(BodyFields fields, Prompts prompts, List<String> notes) {
    public Understood {
        notes = List.copyOf(notes);
    }
}
