package dev.weft.standalone.http;

import java.net.URI;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** An option's value that is the address of a service. */
public final class OfUrl implements ITypeConverter<URI> {
    @Override
    public URI convert(String text) {
        String form = "'%s' is not allowed: an address like http://127.0.0.1:8080";
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException _) {
            throw new TypeConversionException(form.formatted(text));
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new TypeConversionException(form.formatted(text));
        }
        return uri;
    }
}
