package io.jenkins.plugins.mender.api;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Meta-data as a file has it and as servers of different versions list it. */
class MetaDataTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {}",
                "{} | {}",
                "{} | {\"meta_data\":[]}",
                "null | {\"meta_data\":null}",
                "{\"a\":1,\"b\":\"x\"} | {\"metadata\":{\"b\":\"x\",\"a\":1.0}}",
                "{\"a\":1} | {\"metadata\":{\"a\":1},\"meta_data\":\"whatever\"}",
                "{\"a\":1,\"b\":true} | {\"meta_data\":[{\"Key\":\"b\",\"Value\":true},{\"Key\":\"a\",\"Value\":1}]}",
                "{\"a\":{\"b\":[1,null]}} | {\"meta_data\":[{\"Key\":\"a\",\"Value\":{\"b\":[1,null]}}]}",
                "{\"a\":{\"b\":[1]}} | {\"meta_data\":[{\"Key\":\"a\",\"Value\":[{\"Key\":\"b\",\"Value\":[1]}]}]}",
                "{\"a\":{}} | {\"meta_data\":[{\"Key\":\"a\",\"Value\":[]}]}",
                "{\"a\":12345678901234567890} | {\"metadata\":{\"a\":12345678901234567000}}",
            })
    void theSame(String document, String listed) {
        assertThat(MetaData.of(document), is(MetaData.listed(Json.parse(listed))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | {\"metadata\":{\"a\":1}}",
                "{\"a\":1} | {}",
                "{\"a\":1} | {\"metadata\":{\"a\":2}}",
                "{\"a\":1} | {\"metadata\":{\"a\":\"1\"}}",
                "{\"a\":[1,2]} | {\"metadata\":{\"a\":[2,1]}}",
                "{\"a\":{\"b\":1}} | {\"meta_data\":[{\"Key\":\"a\",\"Value\":[{\"Key\":\"b\",\"Value\":2}]}]}",
                "not JSON | {\"metadata\":{}}",
            })
    void notTheSame(String document, String listed) {
        assertThat(MetaData.of(document), is(not(MetaData.listed(Json.parse(listed)))));
    }
}
