package dev.weft.settings.bind;

import dev.weft.settings.text.Durations;
import dev.weft.settings.text.NotAllowedException;
import dev.weft.settings.text.Sizes;
import dev.weft.settings.text.WebAddress;
import java.beans.PropertyEditorSupport;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.springframework.beans.PropertyEditorRegistry;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.convert.ConversionService;
import org.springframework.util.unit.DataSize;

/**
 * Turns texts into values. Spring's conversion applies, except for durations and sizes, which
 * deployment files spell otherwise, for addresses, and for files, which are relative to the
 * deployment file.
 */
final class Conversion {
    private final Path folder;
    private final ConversionService service;

    /**
     * @param folder from which relative files start, absolute
     */
    Conversion(Path folder) {
        this.folder = folder;
        var converters = new ApplicationConversionService();
        converters.addConverter(String.class, Duration.class, Durations::parse);
        converters.addConverter(String.class, DataSize.class, Sizes::parse);
        converters.addConverter(String.class, URI.class, WebAddress::parse);
        converters.addConverter(String.class, Path.class, this::file);
        this.service = converters;
    }

    ConversionService service() {
        return service;
    }

    /** Spring has editors for these two types, and asks them first. */
    void editors(PropertyEditorRegistry registry) {
        registry.registerCustomEditor(URI.class, new TextEditor(WebAddress::parse));
        registry.registerCustomEditor(Path.class, new TextEditor(this::file));
    }

    private Path file(String text) {
        try {
            return folder.resolve(text).toAbsolutePath().normalize();
        } catch (InvalidPathException e) {
            throw new NotAllowedException(text, e.getReason());
        }
    }

    private static final class TextEditor extends PropertyEditorSupport {
        private final Function<String, Object> parser;

        TextEditor(Function<String, Object> parser) {
            this.parser = parser;
        }

        @Override
        public void setAsText(String text) {
            setValue(parser.apply(text.strip()));
        }
    }
}
