package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.TokenEvent;

/** The outcome of a step for a row. */
public sealed interface Drawn {
    /** Its next token. */
    record Token(TokenEvent event) implements Drawn {}

    /** Its constraint has to be asked before there is a token. */
    record Refused(Unmasked choice) implements Drawn {}

    /** Its constraint takes nothing more, and it may end. */
    record Complete() implements Drawn {}

    /** It can't go on. */
    record Failed(EngineException error) implements Drawn {}
}
