package dev.weft.deployment;

import dev.weft.deployment.KeyType.InvalidValueException;
import dev.weft.protocol.repository.AddressRange;
import dev.weft.protocol.repository.HostPattern;
import dev.weft.protocol.repository.ObjectAddress;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Types of keys that say what may be reached, and with which secret. */
final class PlaceTypes {
    private PlaceTypes() {}

    /** A secret for a place. */
    record Credential(String place, String secret) {}

    /** A header that holds a secret. */
    record Header(String name, String secret) {}

    static KeyType<HostPattern> host() {
        record Host() implements KeyType.OfText<HostPattern> {
            @Override
            public HostPattern parse(String text) throws InvalidValueException {
                try {
                    return HostPattern.parse(text);
                } catch (IllegalArgumentException _) {
                    throw refused(text);
                }
            }

            @Override
            public String allowed() {
                return HostPattern.ALLOWED;
            }

            @Override
            public Object plain(HostPattern value) {
                return value.toString();
            }
        }
        return new Host();
    }

    static KeyType<AddressRange> range() {
        record Range() implements KeyType.OfText<AddressRange> {
            @Override
            public AddressRange parse(String text) throws InvalidValueException {
                try {
                    return AddressRange.parse(text);
                } catch (IllegalArgumentException _) {
                    throw refused(text);
                }
            }

            @Override
            public String allowed() {
                return AddressRange.ALLOWED;
            }

            @Override
            public Object plain(AddressRange value) {
                return value.toString();
            }
        }
        return new Range();
    }

    static KeyType<Credential> credential() {
        record Bound(Pattern shape) implements KeyType.OfText<Credential> {
            @Override
            public Credential parse(String text) throws InvalidValueException {
                Matcher matcher = shape.matcher(text);
                if (!matcher.matches()) {
                    throw refused(text);
                }
                return new Credential(matcher.group(1), matcher.group(2));
            }

            @Override
            public String allowed() {
                return "PLACE=SECRET, where PLACE is hf, s3, gcs, azure, s3://BUCKET, gs://BUCKET,"
                        + " az://CONTAINER or https://HOST and SECRET a name";
            }

            @Override
            public Object plain(Credential value) {
                return value.place() + "=" + value.secret();
            }
        }
        return new Bound(
                Pattern.compile(
                        "(hf|s3|gcs|azure|(?:s3|gs|az)://[A-Za-z0-9._-]+|https?://[^/=\\s]+)="
                                + "([A-Za-z0-9_-]+)"));
    }

    static KeyType<Header> header() {
        record Bound(Pattern shape) implements KeyType.OfText<Header> {
            @Override
            public Header parse(String text) throws InvalidValueException {
                Matcher matcher = shape.matcher(text);
                if (!matcher.matches()) {
                    throw refused(text);
                }
                return new Header(matcher.group(1).toLowerCase(Locale.ROOT), matcher.group(2));
            }

            @Override
            public String allowed() {
                return "NAME=SECRET, where NAME is that of a header and SECRET a name";
            }

            @Override
            public Object plain(Header value) {
                return value.name() + "=" + value.secret();
            }
        }
        return new Bound(Pattern.compile("([A-Za-z0-9-]+)=([A-Za-z0-9_-]+)"));
    }

    static KeyType<ObjectAddress> bucket() {
        record Bucket() implements KeyType.OfText<ObjectAddress> {
            @Override
            public ObjectAddress parse(String text) throws InvalidValueException {
                return ObjectAddress.parse(text).orElseThrow(() -> refused(text));
            }

            @Override
            public String allowed() {
                return "s3://BUCKET/PREFIX, gs://BUCKET/PREFIX or az://CONTAINER/PREFIX";
            }

            @Override
            public Object plain(ObjectAddress value) {
                return value.toString();
            }
        }
        return new Bucket();
    }

    /** Any text; it appears nowhere. */
    static KeyType<String> hidden() {
        record Hidden() implements KeyType.OfText<String> {
            @Override
            public String parse(String text) throws InvalidValueException {
                if (text.isEmpty()) {
                    throw new InvalidValueException("is empty: a text is allowed");
                }
                return text;
            }

            @Override
            public String allowed() {
                return "any text";
            }

            @Override
            public Object plain(String value) {
                return "***";
            }
        }
        return new Hidden();
    }
}
