package dev.weft.standalone.launch;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's value that is a port to listen on. */
final class OfPort implements ITypeConverter<Integer> {
    private static final int LARGEST = 65535;

    @Override
    public Integer convert(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= LARGEST) {
                return port;
            }
        } catch (NumberFormatException _) {
            // no number is no port either
        }
        throw new TypeConversionException("'%s' is not allowed: 0 to %d".formatted(text, LARGEST));
    }
}
