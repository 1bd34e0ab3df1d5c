package dev.weft.inference.server.engine;

import dev.weft.inference.server.text.Tokenizer;
import dev.weft.inference.tensorrtllm.text.TextCodec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The base's tokenizer for engines whose model takes text. */
record BaseTokenizer(Tokenizer tokenizer) implements TextCodec {
    static BaseTokenizer open(Path checkpoint) throws IOException {
        return new BaseTokenizer(Tokenizer.open(checkpoint));
    }

    @Override
    public List<Integer> encode(String text, boolean special) {
        return tokenizer.encode(text, special);
    }

    @Override
    public String decode(List<Integer> tokens) {
        return tokenizer.decode(tokens);
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
