/** The packages of the fonts in the scope `@fontsource` of npm: version, and the digest of the archive as npm writes it. */
export const packages: Readonly<Record<string, string>> = {
  'noto-sans-arabic':
    '5.3.0 sha512-i3t6GR0LOReyJVEk+YfYCnxv53wuIelg7Y9NGNvOq4Diq/EP0YszaGXkQwfQNigLjfO4POrLaPGM0sNliGYk7A==',
  'noto-sans-hebrew':
    '5.3.0 sha512-7owtzuw9D+ipt0g8mcBGOm7MS/mv/REKsjSwEUe749UUsrnG54TSmusNn7oxv2GxbUORAzADLQ8ggdtt7oKkpg==',
  'noto-sans-thai':
    '5.3.0 sha512-ngqUyvDukkZUHypQbUJvUdAeYa2aYZsyeDTsdqMudf7GK2F2TK19OZ5kbo+37qsBtkNpmAMhEObQnWnzPqzKUw==',
  'noto-sans-devanagari':
    '5.3.0 sha512-7khYmipS/5KAUUmrO1DKir8yL8XI00d0+ZE9BqbS8XF1jzObv6CpPOk3UeYxF+Pvi8bx9bBvprBCOcbx/eQWTQ==',
  'noto-sans-bengali':
    '5.3.0 sha512-EFBMU0UvzyFSc1ERK369zfqEu6DMRuWmCQ2+2ahhQTQAIDPEyN1UYlQdQeFkheu2DWG2hfdwrhiLlGFl2sSr/A==',
  'noto-sans-tamil':
    '5.3.0 sha512-webid7fyBljiIEJ1hXuey48vCUe2Oq3/EwYjo6XBtXItO9FoUmqy0bEnXA5iE++iC324BTI8QMy80SYtDheCzA==',
  'noto-sans-telugu':
    '5.3.0 sha512-D5AD91Ok2wURk6Vf4sOe2KA3nf0M7qePboNVuvJbguOqLAplh3cGkEIX1qi9u1Jjcz9QWblQ5BbTXI/c+QjB9Q==',
  'noto-sans-kannada':
    '5.3.0 sha512-mcZlaZfzFIwrjah3hze5W6JnFMk8+bXtw0aKOneeuM/sadyV/F6nIgFiJc9/d9yHeecpVfANt+dWf8VSXDf+3Q==',
  'noto-sans-malayalam':
    '5.3.0 sha512-JVWpPkzNkbZTLradEAu8y5dDCgDsPLzvJrY1mEtt0NGG095aPyfhpTmq+wnGBBhvNRU9WEeATGI/w/YocbjQsg==',
  'noto-sans-gujarati':
    '5.3.0 sha512-vTIzI/j4B6FTQ8LV+0e8Ozp8eXNMHWWD8fsVvfaUjhD6w/TPDugOss88k3eMzDcR5lR+XxQCKgUd6V8qRROjtg==',
  'noto-sans-gurmukhi':
    '5.3.0 sha512-kORmHl4RCqVsPwDPgWxCHWUETSnI+6m6aPsJmGf7K3PJorPKHUZesABxhZcsnYVZkKS/4abE3QgJgjuhWpA13g==',
  'noto-sans-oriya':
    '5.3.0 sha512-nl5R08M+PHfiRJNdlxy5mPDpeFzKa16p14MprNsSKJn7QyJtU3PZ2CHi3x/9vzw05ox+In9i8BmVnPRrK4R/jg==',
  'noto-sans-sinhala':
    '5.3.0 sha512-g52kQSjsB3vHmFbp6zrPfumJxZADhsssOHd3fMkN+hCK1JrpKvSudtJMAAGuVUcrC7r9dqNmmslj7I9VU1dzbw==',
  'noto-sans-khmer':
    '5.3.0 sha512-gdbZkSmmMa7up92bksz5uKkjt70hCmLr9Q9B/Bxu4qYfXr+BvRLvf7NDAO4WP64coTdCcrzmHFciXirbdJEToQ==',
  'noto-sans-lao':
    '5.3.0 sha512-wadhgoP3CjhzZMlEShAgJgfmQEby/0QVjXAVZeR053XnGufjZPM4+UZW1AjsDwYhgUNbC/hPW8aHdoHIR/fqQg==',
  'noto-sans-myanmar':
    '5.3.0 sha512-/ja/Fbmtv4TRpd8LgnVFvDRFIzR0bvYaVCwGNK6Hnn5uBGccCfGFnZ7wRPG1/IyMnScVIjrnOmN+2jOL0b8tRQ==',
  'noto-serif-tibetan':
    '5.3.0 sha512-0BEcd06ijxHuEBkZJcRqB0g0hPAY/wGrqEzvCaq84j1ZjgQRey+ZDqRBA/bMKfoz0jB+nnW9dXaHAmCsctkMrw==',
  'noto-sans-armenian':
    '5.3.0 sha512-ot9KkRsd2hDXGIMZQeRSvtsw1uoFIBIS+yL7ZLDHY8GpT2LJz7FaCxGT07Iudu0yNTlSEYNLLAbKcy2ZUIjzUA==',
  'noto-sans-georgian':
    '5.3.0 sha512-+a+N1mvCugsggDb5eKPKcwDXQQtbaV+x9/Zo2/p2c9yAZeib+qD2ftbezbPAoLvBf4MP+F8BdDwHdrlnNRSdng==',
  'noto-sans-ethiopic':
    '5.3.0 sha512-ivXPkx5Grhse+0GEyedQysDI5vSMUIeDNBhev6OIcSX6WyAPtvutU/CSWqf2wv67POnvQ0QaQ8Aq36vy9WfZpw==',
  'noto-sans-syriac':
    '5.3.0 sha512-9GSaPnxN9rmYGhvyGyWUKlNPvncWZDFwGc5VwrJu7Gik1aovVudrqQ49wwtYxUJ6fxzvCEDhX36j6DKO8osceg==',
  'noto-sans-thaana':
    '5.3.0 sha512-rDj4rGXJvmXPh5q3gkLaDRC/IVPlc3D/gdSLeKLuY0E4079WyR1sCVRbcu4Jr2XTBqW3Ugbttgj2AFD6XF0N7g==',
  'noto-sans-tc':
    '5.3.0 sha512-+0MguVH2vIxkVJLiaMHVKHk+yJZmZvMU9d8z88JdUx8C2CgMLOtm7WNloi3HYlvCNy7TpuvjIUvh5iiGp6INxQ==',
  'noto-sans-jp':
    '5.3.0 sha512-OZbBzZ8LrFRs2RFT2Cc0HUV2C2ZeSfyEXhDJWR0EZuZaraJfRubpvrFmUnCljuBDEkw8Vn6CE/+nf9dj9b+0lg==',
  'noto-sans-kr':
    '5.3.0 sha512-/JnpTjaCOXW7xUoqOyCVYSr05VOkDy5Yla9O+WAEiS7u+yYLsmHoqj6v1W0bf91G8G3XA2+NnRS3CX2Tf/FVZg==',
  'noto-sans-sc':
    '5.3.0 sha512-HeqIlGm0+ohOKxZLuHj1qW6r6avHH0OWdKERAcSDI0RQ+MXrteuLKA+M+5eOA8rYy0MFvOR5AT0fQo2rUkye0Q==',
  'chiron-hei-hk':
    '5.3.1 sha512-WXiSVgnp+ZzlzVJzDxVJYYBgpuMLIlhi+TijOOrLm80v27eHoQzKEachBMWIPY8Z7L2ocrRbsVyayBV1LJJx5w==',
  'noto-emoji': '5.3.2 sha512-N9CSzXJB04AVWYvFbuBgL2Dq964Zo91th/uOu/QLSuWBYuL9FWXGcEo6ZNwc/IJ7vmpm8KHaIKD7jF8pYm4taw==',
  'noto-sans-symbols':
    '5.3.0 sha512-Al5jMC2ivI5JkBP3RpcEhkY3zel9CyS199TfKC/B1SAFVj8BJghUNX0tMif0CuhVLpVwZMacM/lHJx3wxdJZBQ==',
  'noto-sans-symbols-2':
    '5.3.0 sha512-hFnEnIXOIgLLJ61SO9icRXKoS+LSWoq7ZqKJQ/NaQR7ptdC6+7yW4ci6EuXgsS1S9JmWpciX6w0AFZkU1DKn1A==',
  'noto-sans-math':
    '5.3.0 sha512-CzodkZ4R2VC73rqbNbVpiI94fXZJLFEMNBTAM3DFadjAKrjLQ2Fr+s2yM2c5uS+frBZ2IM+LyMo6COhAzV7hCA==',
};
