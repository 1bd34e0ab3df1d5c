package dev.weft.inference.cpu.batch.choice;

import dev.weft.inference.engine.EngineException;
import dev.weft.inference.engine.TokenEvent;

/** The outcome of a step for a row. */
public sealed interface Drawn {
    /** The row's next token. */
    record Token(TokenEvent event) implements Drawn {}

    /** The row's constraint has to be asked before there is a token. */
    record Refused(Unmasked choice) implements Drawn {}

    /** The row's constraint allows no further token, and the answer may end. */
    record Complete() implements Drawn {}

    /** The row can't go on. */
    record Failed(EngineException error) implements Drawn {}
}
