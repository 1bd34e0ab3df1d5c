package dev.weft.inference.tensorrtllm.text;

import java.util.List;

/** The base's tokenizer. Any thread. */
public interface TextCodec extends AutoCloseable {
    /**
     * Tokens of a text.
     *
     * @param special whether the tokens that the tokenizer puts around every text are added
     */
    List<Integer> encode(String text, boolean special);

    /** Text of tokens, special ones included. */
    String decode(List<Integer> tokens);

    @Override
    void close();
}
